// SPDX-License-Identifier: Apache-2.0
// The main file of the worker that create-compute.test.ts uses.
import { parentPort } from "node:worker_threads";
import { serveJobs } from "./serve-jobs.ts";
import { testJobs } from "./test-jobs.ts";

if (parentPort !== null) serveJobs(parentPort, testJobs);
