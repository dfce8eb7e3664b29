// SPDX-License-Identifier: Apache-2.0
import { describeSuite } from "@flux-ts/testbed/describe-suite";
import { suite } from "./ignore.suite.ts";

describeSuite(suite);
