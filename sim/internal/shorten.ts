/**
 * Cuts a list that is filled anew at every step. It keeps its memory, which an assignment to
 * `length` gives back, so that the next `push` would allocate.
 */
export function shorten(list: unknown[], length: number): void {
  while (list.length > length) list.pop();
}
