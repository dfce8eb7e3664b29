// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { HelmError } from "../helm-error.ts";
import { gunzip } from "../node.ts";
import { loadArchive } from "./load-archive.ts";

interface Entry {
  readonly name: string;
  readonly type?: string;
  readonly data?: string | Uint8Array;
  /** What the header says, where that is a lie. */
  readonly size?: number;
}

function tar(entries: readonly Entry[]): Uint8Array {
  const blocks = entries.flatMap(({ name, type = "0", data = "", size }) => {
    const content = Buffer.from(data);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write("0000644\0", 100);
    header.write(`${(size ?? content.length).toString(8).padStart(11, "0")}\0`, 124);
    header.write("        ", 148);
    header.write(type, 156);
    header.write("ustar\0", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const CHART = { name: "c/Chart.yaml", data: "apiVersion: v2\nname: c\nversion: 0.1.0\n" };

function archive(...entries: readonly Entry[]): Uint8Array {
  return gzipSync(tar([CHART, ...entries]));
}

function load(bytes: Uint8Array, limits = {}): ReturnType<typeof loadArchive> {
  return loadArchive(bytes, { gunzip, limits });
}

describe("archives of charts", () => {
  test("files are named below the archive's folder, and a mark of byte order is dropped", () => {
    const { files, templates, values } = load(
      archive(
        { name: "c/values.yaml", data: "\ufeffa: 1\n" },
        { name: "c/templates/x.yaml", data: "x" },
        { name: "c/README.md", data: "r" },
      ),
    );
    expect(values).toEqual({ a: 1 });
    expect([...files, ...templates].map(({ name }) => name)).toEqual(["README.md", "templates/x.yaml"]);
  });

  test("long names come from PAX and GNU headers", () => {
    const long = `c/templates/${"n".repeat(120)}.yaml`;
    const record = ` path=${long}\n`;
    const length = String(record.length + 3).length + record.length;
    const pax = archive({ name: "PaxHeaders", type: "x", data: `${length}${record}` }, { name: "short", data: "x" });
    const gnu = archive({ name: "././@LongLink", type: "L", data: `${long}\0` }, { name: "short", data: "x" });
    for (const bytes of [pax, gnu]) expect(load(bytes).templates.map(({ name }) => name)).toEqual([long.slice(2)]);
  });

  test.each([
    ["a path out of the chart", { name: "c/../../etc/passwd" }, "chart illegally references parent directory"],
    ["an absolute path", { name: "c//etc/passwd" }, "chart illegally contains absolute paths"],
    ["a path of a drive", { name: "c/c:/x" }, "chart contains illegally named files"],
    ["a file in no folder", { name: "loose" }, 'chart illegally contains content outside the base directory: "loose"'],
    ["a chart in no folder", { name: "Chart.yaml" }, 'chart illegally contains content outside the base directory: "Chart.yaml"'],
    ["a file that is cut short", { name: "c/x", data: "abc", size: 10_000_000 }, "unexpected EOF"],
  ])("refuse %s", (_, entry, message) => {
    expect(() => load(archive(entry))).toThrow(message);
  });

  test("links bring nothing in: they are files without content", () => {
    const { files } = load(archive({ name: "c/link", type: "2" }, { name: "c/hard", type: "1" }));
    expect(files.map(({ name, data }) => [name, data.length])).toEqual([
      ["link", 0],
      ["hard", 0],
    ]);
  });

  test("bombs end at the limits: of bytes in all, in a file, and of files; also within archives of subcharts", () => {
    const zeros = Buffer.alloc(3_000_000);
    expect(() => load(archive({ name: "c/big", data: zeros }), { maxBytes: 1_000_000 })).toThrow(
      "decompressed chart is larger than the maximum size 1000000",
    );
    expect(() => load(archive({ name: "c/big", data: zeros }), { maxFileBytes: 1_000_000 })).toThrow(
      'decompressed chart file "c/big" is larger than the maximum file size 1000000',
    );
    const many = Array.from({ length: 50 }, (_, index) => ({ name: `c/f${index}` }));
    expect(() => load(archive(...many), { maxFiles: 20 })).toThrow("chart archive holds more than 20 files");
    const inner = gzipSync(
      tar([
        { name: "d/Chart.yaml", data: "apiVersion: v2\nname: d\nversion: 0.1.0\n" },
        { name: "d/big", data: zeros },
      ]),
    );
    expect(() => load(archive({ name: "c/charts/d.tgz", data: inner }), { maxBytes: 1_000_000 })).toThrow(
      "decompressed chart is larger than the maximum size 1000000",
    );
  });

  test("unpacking itself stops at the limit", () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(300_000);
    expect(() => load(bomb)).toThrow("decompressed chart is larger than the maximum size 104857600");
  });

  test("what is no archive, or none of a chart, is told of", () => {
    expect(() => load(Buffer.from("text"))).toThrow("gzip: invalid header");
    expect(() => load(gzipSync(tar([])))).toThrow("no files in chart archive");
    expect(() => load(gzipSync(tar([{ name: "c/x" }])))).toThrow("Chart.yaml file is missing");
    const error = ((): unknown => {
      try {
        return load(gzipSync(Buffer.alloc(512, 1)));
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(HelmError);
    expect((error as HelmError).code).toBe("ARCHIVE");
  });
});
