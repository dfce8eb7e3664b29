// SPDX-License-Identifier: Apache-2.0
import { describeSuite } from "@flux-ts/testbed/describe-suite";
import { suite } from "./kustomize-controller.suite.ts";

describeSuite(suite, 600_000);
