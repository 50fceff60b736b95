/** What one process took. */
export interface Usage {
  readonly wallS: number;
  /** User and system time of all its threads; NaN where /proc does not tell, as peakMb. */
  readonly cpuS: number;
  /** Peak resident memory. */
  readonly peakMb: number;
  readonly stdout: string;
}

const CLOCK_TICKS_PER_S = 100;
const LOOK_INTERVAL_MS = 3;

/** Runs a program to its end. Throws if it fails. One at a time: the CPU time is that of all children. */
export async function measure([program, ...args]: readonly string[]): Promise<Usage> {
  const cpuBeforeS = childrenCpuS();
  const startMs = performance.now();
  const child = new Deno.Command(program!, { args, stdout: "piped", stderr: "piped" }).spawn();
  let peakMb = NaN;
  const watch = setInterval(() => peakMb = peakOf(child.pid) ?? peakMb, LOOK_INTERVAL_MS);
  const { code, stdout, stderr } = await child.output();
  clearInterval(watch);
  const wallS = (performance.now() - startMs) / 1000;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}: exit ${code}\n${text(stderr)}`);
  return { wallS, cpuS: childrenCpuS() - cpuBeforeS, peakMb, stdout: text(stdout) };
}

/** CPU time of all children that ended. Source: proc(5), fields 16 and 17 of /proc/self/stat. */
function childrenCpuS(): number {
  const stat = readText("/proc/self/stat");
  if (stat === undefined) return NaN;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / CLOCK_TICKS_PER_S;
}

/** Peak memory of a running process so far. */
function peakOf(pid: number): number | undefined {
  const kb = /VmHWM:\s+(\d+)/.exec(readText(`/proc/${pid}/status`) ?? "")?.[1];
  return kb === undefined ? undefined : Number(kb) / 1024;
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
