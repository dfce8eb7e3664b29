// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";
import { dir } from "./dir.ts";

export const build: Command = {
  name: "build",
  short: "Build what would be applied, without applying it",
  children: [dir],
};
