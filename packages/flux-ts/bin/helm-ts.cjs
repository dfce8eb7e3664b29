#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Runs the bundled command; the bundle is made by `npm install` (or `npm run prepare`) in the project.
"use strict";
require("./run-cached.cjs").run("helm-ts", process.argv.slice(2));
