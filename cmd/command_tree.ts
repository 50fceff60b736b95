import type { Command } from "./cli.ts";

/** A command, loaded when it is run so that the others cost nothing. */
export interface Leaf {
  readonly summary: string;
  load(): Promise<Command>;
}

/** Words that lead to commands. */
export interface Branch {
  readonly summary: string;
  readonly commands: Readonly<Record<string, Leaf | Branch>>;
  /** What the words before do when none of these commands follows. */
  readonly alone?: Leaf["load"];
  /** True if `alone` takes an argument: a word that is no command, and not nearly one. */
  readonly aloneTakesArgument?: boolean;
}
