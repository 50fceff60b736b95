import { TokenIds } from "../kv/token_ids.ts";
import type { Request } from "../sim/request.ts";
import type { RequestSource } from "../sim/request_source.ts";
import type { BlockIds } from "../sim/shared_content.ts";

/** From this block size on, random tokens of two requests never fill equal blocks (odds below 10^-8 in a million requests). */
const SMALLEST_SAFE_BLOCK = 4;

/** True if blocks are so small that random tokens coincide, so that the source must keep them. */
export function needsTokens(blockSize: number): boolean {
  return blockSize < SMALLEST_SAFE_BLOCK;
}

/** The same requests, their blocks identified by the tokens that they carry. */
export function withTokenIds(
  source: RequestSource,
  blockSize: number,
  ids: BlockIds,
): RequestSource {
  const tokenIds = new TokenIds(ids);
  const identified = (request: Request) => {
    request.blockIds = tokenIds.of(request.tokens!, blockSize);
    return request;
  };
  const { onFinished } = source;
  return {
    next: () => {
      const request = source.next();
      return request && identified(request);
    },
    ...(onFinished && {
      onFinished: (request: Request, atUs: number) =>
        onFinished.call(source, request, atUs).map(identified),
    }),
  };
}
