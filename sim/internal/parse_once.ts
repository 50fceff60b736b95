/** For schemas that a run uses once or twice: compiling their parsers would take longer than they do. */
export const PARSED_ONCE = { jitless: true } as const;
