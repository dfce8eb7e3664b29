// SPDX-License-Identifier: Apache-2.0
import { type RenderedRelease, printManifest } from "@flux-ts/helm";
import { nameAndChart } from "./chart-arguments.ts";
import type { ParsedFlags } from "./flags.ts";
import { refuseUnsupported, renderChart } from "./render-command.ts";
import type { Surroundings } from "./run.ts";

/** `helm-ts install [NAME] CHART --dry-run=client` */
export async function runInstall(flags: ParsedFlags, surroundings: Surroundings): Promise<void> {
  if (flags.args.length === 0)
    throw new Error('"helm install" requires at least 1 argument\n\nUsage:  helm install [NAME] [CHART] [flags]');
  if (!["client", "unset", "true"].includes(flags.text("dry-run") ?? "none"))
    throw new Error("helm-ts install only shows what would be installed: add --dry-run=client");
  const output = flags.text("output") ?? "table";
  if (output !== "table") throw new Error(`--output=${output} is not supported by helm-ts: it prints tables`);
  refuseUnsupported(flags);
  const { name, chart } = await nameAndChart(flags, undefined, surroundings.now());
  let release: RenderedRelease;
  try {
    release = await renderChart(name, chart, flags, surroundings);
  } catch (error) {
    throw error instanceof Error ? new Error(`INSTALLATION FAILED: ${error.message}`, { cause: error }) : error;
  }
  surroundings.stdout(printStatus(release, name, flags, surroundings.now()));
}

/** @see helm.sh/helm/v4 pkg/cmd statusPrinter */
function printStatus(release: RenderedRelease, name: string, flags: ParsedFlags, now: number): string {
  const hidesSecrets = flags.isOn("hide-secret");
  const shown: RenderedRelease = hidesSecrets
    ? {
        ...release,
        manifests: release.manifests.map((one) =>
          one.kind === "Secret" && one.apiVersion === "v1" ? { ...one, content: "# HIDDEN: The Secret output has been suppressed" } : one,
        ),
      }
    : release;
  const notes = release.notes.trim();
  return [
    `NAME: ${name}\n`,
    `LAST DEPLOYED: ${ansiTime(now)}\n`,
    `NAMESPACE: ${flags.text("namespace") ?? "default"}\n`,
    "STATUS: pending-install\nREVISION: 1\nDESCRIPTION: Dry run complete\n",
    release.hooks.some(({ events }) => events.includes("test")) ? "" : "TEST SUITE: None\n",
    "HOOKS:\n",
    ...release.hooks.map(({ path, content }) => `---\n# Source: ${path}\n${content}\n`),
    `MANIFEST:\n${printManifest(shown)}\n`,
    release.notes === "" || flags.isOn("hide-notes") ? "" : `NOTES:\n${notes}\n`,
  ].join("");
}

/** Go's time.ANSIC, in the zone of the process. */
function ansiTime(now: number): string {
  const [day = "", month = "", date = "", year = "", time = ""] = new Date(now).toString().split(" ");
  return `${day} ${month} ${date.replace(/^0/, " ")} ${time} ${year}`;
}
