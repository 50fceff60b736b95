import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** Most requests that the server works on at once. */
export const LLAMA_SLOTS = 8;
/** Most tokens of all of them together, prompts and answers. */
export const LLAMA_CONTEXT_TOKENS = 32768;
/** Most new tokens of a step. */
export const LLAMA_BATCH_TOKENS = 2048;

/**
 * A llama.cpp server that runs until it is ended, or until the process that started it ends; see
 * llama_server.py for its kinds. The Python that has its packages is BLIS_PYTHON, else python3.
 */
export class LlamaServer {
  readonly url: string;
  readonly #process: Deno.ChildProcess;

  private constructor(port: number, process: Deno.ChildProcess) {
    this.url = `http://127.0.0.1:${port}`;
    this.#process = process;
  }

  static async start(kind: "quick" | "steady"): Promise<LlamaServer> {
    const port = freePort();
    const script = fileURLToPath(new URL("llama_server.py", import.meta.url));
    const command = new Deno.Command(Deno.env.get("BLIS_PYTHON") ?? "python3", {
      args: [script, String(port), kind],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    });
    const process = command.spawn();
    const reader = process.stdout.getReader();
    const { value } = await reader.read();
    assert.ok(
      value !== undefined && new TextDecoder().decode(value).startsWith("ready"),
      "the server did not start: is tests/observe/requirements.txt installed?",
    );
    reader.releaseLock();
    return new LlamaServer(port, process);
  }

  end(): void {
    this.#process.kill("SIGKILL");
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
