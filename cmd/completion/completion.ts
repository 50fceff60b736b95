import { z } from "zod";
import { type Command, command } from "../cli.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { powershellScript } from "./powershell.ts";
import { completionTree } from "./tree.ts";
import { zshScript } from "./zsh.ts";
import type { Branch } from "../command_tree.ts";

const SCRIPTS = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
} as const;

const options = z.strictObject({
  shell: z.enum(["bash", "zsh", "fish", "powershell"])
    .describe("which shell the script is for")
    .meta({ argument: true, placeholder: "shell" }),
});

/** `blis completion`: prints what a shell needs to complete the commands below `root`. */
export function completion(root: Branch): Command {
  return command({
    name: "completion",
    summary: "Print a script that completes commands, flags and their values in a shell",
    options,
    examples: [
      ["bash > ~/.local/share/bash-completion/completions/blis", "For all new shells"],
      ['zsh > "${fpath[1]}/_blis"', "In a folder where zsh looks"],
      ["fish > ~/.config/fish/completions/blis.fish", "In the folder where fish looks"],
      ["powershell >> $PROFILE", "At the end of the profile"],
    ],
    permissions: () => [],
    async run({ values }, { io }) {
      io.print(SCRIPTS[values.shell](await completionTree(root)));
      return 0;
    },
  });
}
