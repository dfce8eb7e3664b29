// SPDX-License-Identifier: Apache-2.0

/** The shell blocks of a page, by the heading they stand under, in order; each section is one script. */
export function shellSections(markdown: string): readonly { readonly heading: string; readonly script: string }[] {
  const sections: { readonly heading: string; readonly blocks: string[] }[] = [];
  let heading = "";
  let block: string[] | undefined;
  for (const line of markdown.split("\n")) {
    if (block !== undefined) {
      if (line !== "```") {
        block.push(line);
        continue;
      }
      const last = sections.at(-1);
      if (last?.heading === heading) last.blocks.push(block.join("\n"));
      else sections.push({ heading, blocks: [block.join("\n")] });
      block = undefined;
    } else if (line === "```sh") block = [];
    else if (/^#+ /.test(line)) heading = line.replace(/^#+ /, "");
  }
  return sections.map(({ heading: name, blocks }) => ({ heading: name, script: blocks.join("\n") }));
}

/** The commands of a script: lines joined where they go on, a here document with its command. */
export function commandsOf(script: string): readonly string[] {
  const commands: string[] = [];
  const lines = script.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    let command = lines[at] ?? "";
    while (command.endsWith("\\")) command = `${command.slice(0, -1).trimEnd()} ${(lines[(at += 1)] ?? "").trim()}`;
    const end = /<<'(\w+)'/.exec(command)?.[1];
    while (end !== undefined && at + 1 < lines.length) {
      at += 1;
      command += `\n${lines[at] ?? ""}`;
      if (lines[at] === end) break;
    }
    if (command.trim() !== "" && !command.startsWith("#")) commands.push(command);
  }
  return commands;
}
