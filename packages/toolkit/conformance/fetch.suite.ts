// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Suite } from "@flux-ts/testbed";
import type { ArtifactsOptions } from "../src/artifact/index.ts";
import { createArtifacts, packTree, readFolder, serveArtifacts, treeOf, writeFolder } from "../src/artifact/index.ts";
import { downloadArtifact } from "../src/artifact/fetch.ts";
import { createHttpClient } from "../src/http/index.ts";
import { knownFailures } from "./fetch.known-failures.ts";
import type { Run } from "@flux-ts/testbed/call-cases";
import { caseSuite } from "@flux-ts/testbed/call-cases";

/** What the constructor options of an ArchiveFetcher say. */
interface FetcherOptions {
  readonly untar?: boolean;
  readonly maxDownloadBytes?: number;
  readonly maxUntarBytes?: number;
  readonly hostname?: string;
  readonly fileName?: string;
  readonly fileMode?: number;
}

/** Time passes at once: nobody waits between attempts. */
const clock = {
  now: () => 0,
  after(_: number, callback: () => void) {
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  },
};

const limit = (bytes: unknown): { maxBytes?: number } => (Number(bytes) > 0 ? { maxBytes: Number(bytes) } : {});

/** How Flux downloads artifacts. */
export const suite: Suite = caseSuite({
  name: "fetch",
  files: ["pkg/http/fetch/archive_fetcher.jsonl"],
  knownFailures,
  calls: {
    "pkg/testserver.NewTempArtifactServer": async (_args, _on, run) => {
      const root = join(run.folder, "served");
      mkdirSync(root);
      const server = createServer(serveArtifacts(root));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      run.cleanup.push(() => {
        server.closeAllConnections();
        server.close();
      });
      const { port } = server.address() as AddressInfo;
      return { URL: () => `http://127.0.0.1:${port}`, Root: () => root };
    },
    Start: () => undefined,
    ArtifactFromDir: async ([folder, name], on, { fixtures }) => {
      const tree = await readFolder(join(fixtures, String(folder)));
      // The files lie below the folder's own name, as in upstream's archive.
      const entries = [...tree.files].map(([path, content]) => ({ path: `${String(folder)}/${path}`, content }));
      const bytes = await packTree(treeOf(entries));
      writeFileSync(join((on as { Root(): string }).Root(), String(name)), bytes);
      return createHash("sha256").update(bytes).digest("hex");
    },
    "pkg/http/fetch.NewArchiveFetcher": ([, download, untar, hostname]): FetcherOptions => ({
      untar: true,
      hostname: String(hostname),
      ...(Number(download) > 0 ? { maxDownloadBytes: Number(download) } : {}),
      ...(Number(untar) > 0 ? { maxUntarBytes: Number(untar) } : {}),
    }),
    "pkg/http/fetch.New": (options) => Object.assign({}, ...options) as FetcherOptions,
    "pkg/http/fetch.WithUntar": ([option]): FetcherOptions => ({ untar: true, ...(option as FetcherOptions | undefined) }),
    "pkg/http/fetch.WithMaxDownloadSize": ([bytes]): FetcherOptions => ({ maxDownloadBytes: Number(bytes) }),
    "pkg/http/fetch.WithFileName": ([fileName]): FetcherOptions => ({ fileName: String(fileName) }),
    "pkg/http/fetch.WithFileMode": ([fileMode]): FetcherOptions => ({ fileMode: Number(fileMode) }),
    "pkg/http/fetch.WithHostnameOverwrite": ([hostname]): FetcherOptions => ({ hostname: String(hostname) }),
    "pkg/http/fetch.WithRetries": () => ({}),
    "pkg/tar.WithMaxUntarSize": ([bytes]): FetcherOptions => (Number(bytes) > 0 ? { maxUntarBytes: Number(bytes) } : {}),
    Fetch: ([url, digest, folder], on, run) => fetchInto(on as FetcherOptions, String(url), String(digest), String(folder), run),
    FetchWithContext: ([url, digest, folder], on, run) => fetchInto(on as FetcherOptions, String(url), String(digest), String(folder), run),
  },
});

async function fetchInto(fetcher: FetcherOptions, url: string, text: string, folder: string, run: Run): Promise<void> {
  const http = createHttpClient();
  run.cleanup.push(async () => http[Symbol.asyncDispose]());
  const options: ArtifactsOptions = {
    http,
    clock,
    retries: 1,
    limits: limit(fetcher.maxUntarBytes),
    ...(fetcher.maxDownloadBytes === undefined ? {} : { maxDownloadBytes: fetcher.maxDownloadBytes }),
    ...(fetcher.hostname === undefined || fetcher.hostname === "" ? {} : { hostname: fetcher.hostname }),
  };
  const digest = text === "" || text.includes(":") ? text : `sha256:${text}`;
  if (fetcher.untar === true) return writeFolder(await createArtifacts(options).fetch({ url, digest }), folder);
  const bytes = await downloadArtifact({ url, digest }, new AbortController().signal, options);
  const path = join(folder, fetcher.fileName ?? (url.split("/").at(-1) || "artifact"));
  writeFileSync(path, bytes, { mode: fetcher.fileMode ?? 0o600, flag: "wx" });
}
