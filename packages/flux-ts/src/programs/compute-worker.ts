// SPDX-License-Identifier: Apache-2.0
// The main file of the worker threads: builds run here when they are large, and archives are unpacked.
import { parentPort } from "node:worker_threads";
import { buildJob, unpackJob } from "@flux-ts/controllers";
import { serveJobs } from "@flux-ts/kube-runtime";

if (parentPort !== null) serveJobs(parentPort, [buildJob, unpackJob]);
