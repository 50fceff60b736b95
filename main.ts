import { denoIo } from "./cmd/io.ts";
import { main } from "./cmd/main.ts";

Deno.exitCode = await main(Deno.args, denoIo());
