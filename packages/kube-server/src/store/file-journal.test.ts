// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { KubeObject } from "@flux-ts/kube-core";
import { afterEach, describe, expect, test } from "vitest";
import type { FileJournal, FileJournalOptions } from "./file-journal.ts";
import { openFileJournal } from "./file-journal.ts";
import { RevisionStore } from "./revision-store.ts";

const folders: string[] = [];
const opened: FileJournal[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  folders.push(folder);
  return folder;
}

function open(folder: string, options: Partial<FileJournalOptions> = {}): { readonly store: RevisionStore; readonly journal: FileJournal } {
  const journal = openFileJournal({ folder, ...options });
  opened.push(journal);
  return { store: new RevisionStore({ journal }), journal };
}

afterEach(() => {
  for (const journal of opened.splice(0)) journal.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}

function put(store: RevisionStore, name: string, data?: Record<string, string>): void {
  store.put("configmaps", `default/${name}`, configMap(name, data));
}

function names(store: RevisionStore): readonly string[] {
  return store.page("configmaps", "").objects.map((object) => object.metadata.name ?? "");
}

describe("a file journal", () => {
  test("gives back what was written, with its revisions", () => {
    const folder = newFolder();
    const first = open(folder);
    put(first.store, "a", { text: "grüße\n" });
    put(first.store, "b");
    put(first.store, "a", { text: "2" });
    first.store.delete("configmaps", "default/b");
    const { revision } = first.store;
    first.journal.close();

    const { store } = open(folder);
    expect(store.revision).toBe(revision);
    expect(names(store)).toEqual(["a"]);
    expect(store.get("configmaps", "default/a")).toEqual({
      ...configMap("a", { text: "2" }),
      metadata: { name: "a", namespace: "default", resourceVersion: String(revision - 1) },
    });
    put(store, "c");
    expect(store.revision).toBe(revision + 1);
  });

  test("is for its owner alone", () => {
    const folder = join(newFolder(), "data");
    put(open(folder).store, "secret");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
  });

  test("belongs to one process at a time, and a lock that a killed process left does not count", () => {
    const folder = newFolder();
    const { journal } = open(folder);
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: "LOCKED", message: expect.stringContaining(String(process.pid)) }));
    journal.close();
    writeFileSync(join(folder, "lock"), JSON.stringify({ pid: 2 ** 22 - 1, started: "1" }));
    expect(() => open(folder)).not.toThrow();
  });

  test("a disk that is full when a log is to be compacted costs nothing but the compaction", async () => {
    const folder = newFolder();
    let isFull = false;
    // Some of what is written fits: that is how disks get full.
    const write = (file: number, bytes: Uint8Array): void => {
      const isHeader = Buffer.from(bytes).includes('"kind":"log"');
      writeSync(file, isFull && isHeader ? bytes.subarray(0, 3) : bytes);
      if (isFull && isHeader) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    };
    const failures: unknown[] = [];
    const { store, journal } = open(folder, { compactAfterBytes: 2000, write, onBackgroundError: (error) => failures.push(error) });
    isFull = true;
    for (let index = 0; index < 30; index += 1) put(store, `n${String(index).padStart(2, "0")}`);
    expect(failures.length).toBeGreaterThan(0);
    // Not with every change.
    expect(failures.length).toBeLessThan(15);
    journal.close();
    const again = open(folder, { compactAfterBytes: 2000 });
    expect(names(again.store)).toHaveLength(30);
    put(again.store, "there is room again");
    await again.journal.settled();
    again.journal.close();
    expect(readdirSync(folder).filter((name) => name.startsWith("snapshot-"))).toHaveLength(1);
    expect(names(open(folder).store)).toHaveLength(31);
  });

  test.each([
    ["nothing", ""],
    ["half of its first line", "0badc0de {"],
  ])("a newest log that holds %s is one that nobody got to write to", (_, text) => {
    const folder = newFolder();
    const first = open(folder);
    put(first.store, "a");
    first.journal.close();
    writeFileSync(join(folder, "log-99.jsonl"), text);
    const second = open(folder);
    expect(names(second.store)).toEqual(["a"]);
    put(second.store, "b");
    second.journal.close();
    expect(names(open(folder).store)).toEqual(["a", "b"]);
  });

  test("a folder on a full disk is refused in words, and given back", () => {
    const folder = newFolder();
    const write = (): never => {
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    };
    expect(() => open(folder, { write })).toThrow(
      expect.objectContaining({ code: "DISK_FULL", message: expect.stringContaining("Free space on it") }),
    );
    expect(() => open(folder)).not.toThrow();
  });

  test("cuts off half a record at the end, and nothing else", () => {
    const folder = newFolder();
    const first = open(folder);
    put(first.store, "a");
    put(first.store, "b");
    first.journal.close();
    const log = join(folder, readdirSync(folder).find((name) => name.startsWith("log-")) ?? "");
    appendFileSync(log, '0badc0de {"r":99,"c":"configmaps","k":"default/c","o":{"apiVersion":"v1"');
    const second = open(folder);
    expect(names(second.store)).toEqual(["a", "b"]);
    put(second.store, "c");
    second.journal.close();
    expect(names(open(folder).store)).toEqual(["a", "b", "c"]);
  });

  test("refuses a folder whose log is damaged before its end", () => {
    const folder = newFolder();
    const first = open(folder);
    for (const name of ["a", "b", "c"]) put(first.store, name);
    first.journal.close();
    const log = join(folder, readdirSync(folder).find((name) => name.startsWith("log-")) ?? "");
    writeFileSync(log, readFileSync(log, "utf8").replace('"name":"b"', '"name":"x"'));
    expect(() => open(folder)).toThrow(
      expect.objectContaining({ code: "CORRUPT", message: expect.stringMatching(/line 3 is damaged.*Restore/) }),
    );
  });

  test("refuses a newer format, and leaves it as it is", () => {
    const folder = newFolder();
    const text = '{"magic":"flux-ts kube-server","kind":"log","version":99,"revision":0}\n';
    writeFileSync(join(folder, "log-0.jsonl"), text);
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: "NEWER_FORMAT", message: expect.stringContaining("format 99") }));
    expect(readFileSync(join(folder, "log-0.jsonl"), "utf8")).toBe(text);
  });

  test("reads the first format and goes on in the present one", () => {
    const folder = newFolder();
    cpSync(fileURLToPath(new URL("./fixtures/format-1", import.meta.url)), folder, { recursive: true });
    const { store, journal } = open(folder);
    expect(store.revision).toBe(6);
    expect(names(store)).toEqual(["kept", "later"]);
    expect(store.get("configmaps", "default/later")).toMatchObject({ data: { n: "9007199254740993" } });
    put(store, "new");
    journal.close();
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    expect(texts.every((text) => text.startsWith('{"magic":"flux-ts kube-server",') && text.includes('"version":2'))).toBe(true);
    expect(names(open(folder).store)).toEqual(["kept", "later", "new"]);
  });

  test.skipIf(!existsSync("/dev/full"))(
    "a full disk refuses the write with a clear error, loses nothing, and goes on when there is room",
    () => {
      const folder = newFolder();
      let isFull = false;
      const write = (file: number, bytes: Uint8Array): void => {
        if (!isFull) return void writeSync(file, bytes);
        // Half of it fits; the rest meets a device that really is full.
        writeSync(file, bytes.subarray(0, bytes.length / 2));
        writeSync(openSync("/dev/full", "w"), bytes);
      };
      const { store, journal } = open(folder, { write });
      put(store, "a");
      const { revision } = store;
      isFull = true;
      expect(() => put(store, "b")).toThrow(
        expect.objectContaining({ code: "DISK_FULL", message: expect.stringMatching(/not made.*full.*Free space/) }),
      );
      expect(store.revision).toBe(revision);
      expect(names(store)).toEqual(["a"]);
      isFull = false;
      put(store, "c");
      journal.close();
      expect(names(open(folder).store)).toEqual(["a", "c"]);
    },
  );

  test("stays bounded: a long log becomes a snapshot, and old files go", async () => {
    const folder = newFolder();
    const { store, journal } = open(folder, { compactAfterBytes: 20_000 });
    for (let round = 0; round < 2000; round += 1) {
      put(store, `n${round % 10}`, { round: String(round), padding: "x".repeat(100) });
      if (round % 100 === 0) await journal.settled();
    }
    await journal.settled();
    journal.close();
    const size = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(size).toBeLessThan(60_000);
    const again = open(folder);
    expect(again.store.revision).toBe(2001);
    expect(again.store.get("configmaps", "default/n9")).toMatchObject({ data: { round: "1999" } });
  });

  test("a process that is killed while it writes loses nothing that was acknowledged", async () => {
    const folder = newFolder();
    const script = fileURLToPath(new URL("./fixtures/write-until-killed.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=source", "--import", "tsx", script, folder]).catch(
      (error: { readonly stdout: string }) => error,
    );
    const acknowledged = Number(stdout.trim().split("\n").at(-1));
    expect(acknowledged).toBeGreaterThan(100);
    const { store } = open(folder);
    expect(store.get("configmaps", "default/counter")).toMatchObject({ data: { count: String(acknowledged) } });
  });
});
