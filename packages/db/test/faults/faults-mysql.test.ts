import { faultSuites } from "./fault-suites.ts";

faultSuites("mysql");
