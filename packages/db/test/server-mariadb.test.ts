import { serverSuites } from "./server-suites.ts";

serverSuites("mariadb");
