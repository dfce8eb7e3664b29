// SPDX-License-Identifier: Apache-2.0
import { fluxFlags } from "@flux-ts/controllers";
import { formatDuration } from "@flux-ts/kube-core";

/** Whether the words ask for help and nothing else matters. */
export function isControllersHelp(argv: readonly string[]): boolean {
  return argv.some((word) => word === "--help" || word === "-h");
}

/** The flags by component, with their defaults. */
export function controllersHelp(): string {
  const sections = Object.entries(fluxFlags).map(([component, flags]) => {
    const title = component === "" ? "Of the process:" : `Of ${component} (--${component}.FLAG for it alone):`;
    const lines = Object.entries(flags).map(
      ([name, flag]) => `  --${name.padEnd(34)} ${flag.description}${shownDefault(name, flag.default)}`,
    );
    return `${title}\n${lines.join("\n")}\n`;
  });
  return `Usage: flux-controllers [CONTROLLER …] [--FLAG=VALUE …]

Runs the controllers of Flux in one process, all or those that are named: against the cluster it runs in, else the one
of KUBECONFIG.
A flag is for every controller that has it, unless the controller is named before it.

Examples:
  flux-controllers --log-level=debug
  flux-controllers source-controller --storage-path=/data
  flux-controllers --concurrent=10 --kustomize-controller.concurrent=20
  flux-controllers --watch-label-selector='!sharding.fluxcd.io/key'

${sections.join("\n")}`;
}

const DURATIONS = /-(ttl|delay|duration|deadline|period|dependency)$/;

function shownDefault(name: string, value: unknown): string {
  if (value === "" || value === false || (Array.isArray(value) && value.length === 0)) return "";
  if (typeof value === "number" && DURATIONS.test(name)) return ` (default ${formatDuration(value)})`;
  if (typeof value === "object" && value !== null) {
    return ` (default ${Object.entries(value)
      .map(([gate, isOn]) => `${gate}=${String(isOn)}`)
      .join(",")})`;
  }
  return ` (default ${String(value)})`;
}
