// SPDX-License-Identifier: Apache-2.0
import type { Command } from "@flux-ts/cli";
import { LAB_LEVELS } from "../state/lab-record.ts";

/** The lab's name when none is given: that of the course. */
export const DEFAULT_LAB = "flux-lab";

const NO_MERGE = { name: "no-merge", type: "bool", usage: "leave the kubeconfig alone: the lab has one of its own" } as const;

/**
 * `flux lab`: control planes on this machine, in place of kind.
 *
 * @param program what runs in the background, as words after node
 */
export function labCommand(program: readonly string[]): Command {
  return {
    name: "lab",
    short: "Run a Kubernetes control plane on this machine",
    long: "Named control planes for trying things: an embedded Kubernetes API server in a background process, with simulated nodes and pods. Deployments of Flux's controllers run for real. What is in them is kept over restarts.",
    example: `  # a lab, as the current context kind-flux-lab
  flux lab up flux-lab
  kubectl cluster-info --context kind-flux-lab
  flux install

  # stop it, and have it back as it was
  flux lab down flux-lab
  flux lab up flux-lab

  # away with it
  flux lab down flux-lab --delete`,
    children: [up(program), down, status, reset(program), list],
  };
}

function up(program: readonly string[]): Command {
  return {
    name: "up",
    short: "Start a lab",
    long: "Starts a lab, a new one or one that was stopped, and makes it the current context, kind-NAME, of the kubeconfig. Options are kept: a lab comes back as it was.",
    example: `  flux lab up

  # on a port and in a folder of one's choice
  flux lab up demo --port 6443 --data ./demo

  # pods of an image cannot be pulled, those of another crash; all others take five seconds
  flux lab up incident --fail 'image=podinfo:6.9' --fail 'image=worker,outcome=crash-loop' --delay 5s

  # with all controllers, and nothing to install
  flux lab up demo --with-controllers -- --concurrent=8

  # for a script
  export KUBECONFIG=$(flux lab up ci --no-merge | awk '$1 == "kubeconfig" { print $2 }')`,
    argumentsUsage: "[NAME] [-- CONTROLLER-FLAGS]",
    flags: [
      { name: "data", type: "string", usage: "the folder for keys and objects (default: with the lab's other files)" },
      { name: "port", type: "int", usage: "port of the API server on loopback (default: the one it had, else any free one)" },
      { name: "nodes", type: "int", default: "3", usage: "how many nodes there are" },
      {
        name: "fail",
        type: "stringArray",
        usage:
          "pods that fail: image=TEXT, namespace=NAME, label=KEY=VALUE; how: outcome=image-pull-error|crash-loop|never-ready|pending|fail, exit-code=N, after=DURATION; may be repeated",
      },
      { name: "delay", type: "duration", default: "1s", usage: "how long a simulated pod takes to get ready" },
      {
        name: "level",
        type: "string",
        default: "nodes",
        choices: LAB_LEVELS,
        usage: "what works on the objects: nothing (api), a controller manager (controllers), or nodes that run pods, too (nodes)",
      },
      { name: "with-controllers", type: "bool", usage: "run all controllers of Flux in the lab's process; their flags after --" },
      NO_MERGE,
    ],
    load: async () => (await import("./run-up.ts")).runUp(program),
  };
}

const down: Command = {
  name: "down",
  short: "Stop a lab",
  long: "Stops a lab and takes its context out of the kubeconfig. What is in it is kept until --delete.",
  example: `  flux lab down

  # and forget everything
  flux lab down demo --delete`,
  argumentsUsage: "[NAME]",
  arguments: { min: 0, max: 1 },
  flags: [{ name: "delete", type: "bool", usage: "delete what is in it, too" }, NO_MERGE],
  load: async () => (await import("./run-down.ts")).runDown,
};

const status: Command = {
  name: "status",
  short: "Tell how a lab is",
  long: "Tells where a lab is and what it is like. The exit status is 0 when it answers, 1 when it does not run.",
  example: `  flux lab status`,
  argumentsUsage: "[NAME]",
  arguments: { min: 0, max: 1 },
  flags: [],
  load: async () => (await import("./run-status.ts")).runStatus,
};

function reset(program: readonly string[]): Command {
  return {
    name: "reset",
    short: "Empty a lab",
    long: "Deletes every object of a lab. One that runs begins anew, with the same options and kubeconfig.",
    example: `  flux lab reset demo`,
    argumentsUsage: "[NAME]",
    arguments: { min: 0, max: 1 },
    flags: [],
    load: async () => (await import("./run-reset.ts")).runReset(program),
  };
}

const list: Command = {
  name: "list",
  aliases: ["ls"],
  short: "List the labs",
  long: "Lists the labs of this user, those that run and those that are stopped.",
  example: `  flux lab list`,
  arguments: "none",
  flags: [{ name: "no-header", type: "bool", usage: "leave the heading out" }],
  load: async () => (await import("./run-list.ts")).runList,
};
