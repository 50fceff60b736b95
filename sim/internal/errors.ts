/** Where in a file a wrong value stands, and what to do about it. */
export interface ConfigErrorOptions {
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in UTF-16 units. */
  readonly column?: number;
  /** Length of the wrong text, in UTF-16 units. */
  readonly length?: number;
  /** Text of the line `line`. */
  readonly sourceLine?: string;
  /** Dotted path of the value, e.g. `clients[2].arrival.cv`. */
  readonly path?: string;
  readonly hint?: string;
}

/** A file's content is wrong. Exit code 2. */
export class ConfigError extends SyntaxError {
  override readonly name = "ConfigError";
  readonly options: ConfigErrorOptions;

  constructor(message: string, options: ConfigErrorOptions = {}) {
    super(message);
    this.options = options;
  }
}

/** The command line is wrong: an unknown flag or command, a bad value, flags that exclude each other. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** The flag at fault, with its dashes. */
  readonly flag: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, options: { readonly flag?: string; readonly hint?: string } = {}) {
    super(message);
    this.flag = options.flag;
    this.hint = options.hint;
  }
}

/** A file is missing, a permission not granted, a host not reached. Exit code 2. */
export class AccessError extends Error {
  override readonly name = "AccessError";
  /** The path or URL. */
  readonly resource: string | undefined;
  /** The permission that is needed, e.g. `--allow-read`. */
  readonly permission: string | undefined;
  readonly hint: string | undefined;

  constructor(
    message: string,
    options: { readonly resource?: string; readonly permission?: string; readonly hint?: string } =
      {},
  ) {
    super(message);
    this.resource = options.resource;
    this.permission = options.permission;
    this.hint = options.hint;
  }
}

/** What cannot happen did: a defect of the program. Exit code 70. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}
