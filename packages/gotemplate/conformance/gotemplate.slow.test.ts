// SPDX-License-Identifier: Apache-2.0
import { describeSuite } from "@flux-ts/testbed/describe-suite";
import { suite } from "./gotemplate.suite.ts";

describeSuite(suite);
