// SPDX-License-Identifier: Apache-2.0
import { type TemplateFunction, fn } from "../values.ts";

/** Sprig's functions of paths; those of the operating system are the same, as on Linux. @see Go's package path */
export function pathFunctions(): [string, TemplateFunction][] {
  const text = (run: (path: string) => string | boolean): TemplateFunction => fn("string", ([path]) => run(String(path)));
  const pair = (name: string, osName: string, run: (path: string) => string | boolean): [string, TemplateFunction][] => [
    [name, text(run)],
    [osName, text(run)],
  ];
  return [
    ...pair("base", "osBase", base),
    ...pair("dir", "osDir", (path) => clean(path.slice(0, path.lastIndexOf("/") + 1))),
    ...pair("clean", "osClean", clean),
    ...pair("ext", "osExt", extension),
    ...pair("isAbs", "osIsAbs", (path) => path.startsWith("/")),
  ];
}

function base(path: string): string {
  if (path === "") return ".";
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return end === 0 ? "/" : path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot);
}

function clean(path: string): string {
  const isRooted = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") out.push(part);
    else if (out.length > 0 && out.at(-1) !== "..") out.pop();
    else if (!isRooted) out.push("..");
  }
  return (isRooted ? "/" : "") + out.join("/") || ".";
}
