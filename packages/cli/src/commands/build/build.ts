// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";
import { artifact } from "./artifact.ts";
import { dir } from "./dir.ts";
import { helmrelease } from "./helmrelease.ts";
import { kustomization } from "./kustomization.ts";

export const build: Command = {
  name: "build",
  short: "Build what would be applied, without applying it",
  children: [artifact, dir, helmrelease, kustomization],
};
