import type { Request } from "./request.ts";

/** Identity of full block `i` of prompt + output where other requests may hold it too, else 0. */
export function sharedBlockId(request: Request, i: number, blockSize: number): number {
  if (request.blockIds !== undefined) return request.blockIds[i]!;
  return (i + 1) * blockSize <= request.sharedTokens ? request.shared!.blockId(i, blockSize) : 0;
}
