import { statementsSuite } from "./statements-suite.ts";

statementsSuite("mariadb");
