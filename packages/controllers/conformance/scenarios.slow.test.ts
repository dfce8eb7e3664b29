// SPDX-License-Identifier: Apache-2.0
import { describeSuite } from "@flux-ts/testbed/describe-suite";
import { suite } from "./scenarios.suite.ts";

describeSuite(suite, 600_000);
