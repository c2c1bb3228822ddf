import { statementsSuite } from "./statements-suite.ts";

statementsSuite("mysql");
