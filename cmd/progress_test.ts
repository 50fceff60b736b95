import assert from "node:assert/strict";
import { FakeIo } from "../tests/cli/fake_io.ts";
import { ProgressLine } from "./progress.ts";

/** A terminal whose clock the test sets. */
class Terminal extends FakeIo {
  override readonly isErrorTerminal: boolean = true;
  ms = 0;

  override nowMs(): number {
    return this.ms;
  }
}

Deno.test("a run of less than a second shows no progress", () => {
  const io = new Terminal();
  const line = new ProgressLine(io, 100);
  io.ms = 999;
  line.update(5e6, 10);
  line.end();
  assert.equal(io.stderr, "");
});

Deno.test("a longer run tells how far it is, five times a second, and wipes the line", () => {
  const io = new Terminal();
  const line = new ProgressLine(io, 100);
  io.ms = 1000;
  line.update(5e6, 10);
  io.ms = 1100;
  line.update(6e6, 11);
  assert.equal(io.stderr, "\r10 of 100 requests, 5 s simulated in 1 s\x1b[K");
  line.end();
  assert.ok(io.stderr.endsWith("\r\x1b[K"));
});

Deno.test("nothing is shown where stderr is no terminal", () => {
  const io = new FakeIo();
  io.nowMs = () => 5000;
  const line = new ProgressLine(io, Infinity);
  io.nowMs = () => 9000;
  line.update(5e6, 10);
  line.end();
  assert.equal(io.stderr, "");
});
