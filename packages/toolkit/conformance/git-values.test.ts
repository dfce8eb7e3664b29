// SPDX-License-Identifier: Apache-2.0
import { describeSuite } from "@flux-ts/testbed/describe-suite";
import { suite } from "./git-values.suite.ts";

describeSuite(suite);
