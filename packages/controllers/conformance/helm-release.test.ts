// SPDX-License-Identifier: Apache-2.0
import { describeSuite } from "@flux-ts/testbed/describe-suite";
import { suite } from "./helm-release.suite.ts";

describeSuite(suite);
