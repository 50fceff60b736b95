/** Names of a table of policies, typed, in the order in which it declares them. */
export function namesOf<T extends object>(
  table: T,
): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(table) as [keyof T & string, ...(keyof T & string)[]];
}
