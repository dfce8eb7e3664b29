// SPDX-License-Identifier: Apache-2.0
import { describeSuite } from "../../testbed/src/describe-suite.ts";
import { suite } from "./apiserver-https.suite.ts";

describeSuite(suite);
