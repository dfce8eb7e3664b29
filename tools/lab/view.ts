// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { Logger } from "@flux-ts/kube-runtime";
import { systemClock } from "@flux-ts/kube-runtime";
import type { GraphNode } from "flux-ts";
import { changedLines, graphOf, renderGraph, watchFleet } from "flux-ts";

export interface ViewOptions {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Milliseconds after which it resolves although not everything is ready. */
  readonly deadlineMs: number;
  /** Goes on showing changes after it has resolved. */
  readonly keepsRunning: boolean;
}

const REDRAW_MS = 100;

/**
 * Shows the graph as it changes: drawn in place on a terminal, a line for each change elsewhere. Resolves with true as
 * soon as everything is ready, with false at the deadline.
 */
export function followUntilReady(client: Client, options: ViewOptions): Promise<boolean> {
  const show = process.stdout.isTTY ? drawInPlace() : printChanges();
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const end = (isReady: boolean): void => {
      if (isOver) return;
      isOver = true;
      show.settle();
      clearTimeout(deadline);
      resolve(isReady);
    };
    const deadline = setTimeout(() => end(false), options.deadlineMs);
    options.signal.addEventListener("abort", () => end(false));
    const look = (): void => {
      timer = undefined;
      if (options.signal.aborted || (isOver && !options.keepsRunning)) return;
      const nodes = graphOf(fleet.read());
      show.update(nodes);
      if (isAllReady(nodes)) end(true);
    };
    const { log, signal } = options;
    const fleet = watchFleet(client, { clock: systemClock(), random: Math.random, log, signal }, () => {
      timer ??= setTimeout(look, isOver ? REDRAW_MS : 20);
    });
  });
}

function isAllReady(nodes: readonly GraphNode[]): boolean {
  const all = nodes.flatMap((node) => [node, ...node.children]);
  // The fleet's own Kustomizations come with the first one, so that alone is not all.
  return all.length > 1 && all.every((node) => node.state === "ready");
}

interface Shown {
  update(nodes: readonly GraphNode[]): void;
  /** From now on what changes is printed below. */
  settle(): void;
}

function printChanges(): Shown & { remember(nodes: readonly GraphNode[]): void } {
  let before: readonly GraphNode[] = [];
  return {
    remember: (nodes) => {
      before = nodes;
    },
    update: (nodes) => {
      for (const line of changedLines(before, nodes)) process.stdout.write(`${line}\n`);
      before = nodes;
    },
    settle: () => undefined,
  };
}

function drawInPlace(): Shown {
  let drawn = 0;
  let isSettled = false;
  const below = printChanges();
  return {
    update: (nodes) => {
      if (isSettled) return below.update(nodes);
      const lines = renderGraph(nodes, { columns: process.stdout.columns ?? 80, colour: process.stdout.hasColors() });
      const up = drawn > 0 ? `\u001b[${drawn}A` : "";
      process.stdout.write(`${up}\u001b[0J${lines.map((line) => `${line}\n`).join("")}`);
      drawn = lines.length;
      // What is printed later is what differs from this.
      below.remember(nodes);
    },
    settle: () => {
      isSettled = true;
    },
  };
}
