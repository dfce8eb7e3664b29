// SPDX-License-Identifier: Apache-2.0

/** Splits at `/`; `\/` stands for a slash in a name. A leading slash is left out. */
export function splitPath(path: string, delimiter = "/"): string[] {
  const raw = path.split(delimiter);
  const parts = raw.length > 1 && raw[0] === "" ? raw.slice(1) : raw;
  const out: string[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (last?.endsWith("\\")) out[out.length - 1] = `${last.slice(0, -1)}${delimiter}${part}`;
    else out.push(part);
  }
  return out;
}
