import { serverSuites } from "./server-suites.ts";

serverSuites("mysql");
