/** One line of the log as healthd reads it. */
export interface HealthdRecord {
  epochSeconds: number;
  uri: string;
  status: number;
  requestSeconds: number;
  forwardedFor: string;
}

const FIELDS = 6;

/** Name of the log's file for an hour, in UTC. */
export const HEALTHD_FILE_NAME = /^application\.log\.(\d{4}-\d{2}-\d{2}-\d{2})$/;

/**
 * Reads a log as healthd does, and refuses what healthd would skip or misread in silence.
 *
 * Fields are parted by `"`: time of the answer's end as epoch seconds, URI, status, seconds for the request, seconds
 * of the upstream (ignored), X-Forwarded-For. A line without the sixth field counts as not yet complete.
 *
 * @throws Error that quotes the first wrong line.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-serverlogs.html
 */
export function parseHealthdLog(text: string): HealthdRecord[] {
  if (!text.endsWith("\n")) throw new Error("the last line is not complete");
  return text.slice(0, -1).split("\n").map(parseLine);
}

function parseLine(line: string): HealthdRecord {
  const fields = line.split('"');
  const [epoch = "", uri = "", status = "", request = "", upstream = "", forwardedFor = ""] = fields;
  const isRight =
    fields.length === FIELDS &&
    /^\d{10}(\.\d{1,3})?$/.test(epoch) &&
    /^(\/|\*$|-$)/.test(uri) &&
    /^[1-5]\d{2}$/.test(status) &&
    /^\d+\.\d+$/.test(request) &&
    /^(\d+\.\d+|-)$/.test(upstream) &&
    forwardedFor !== "";
  if (!isRight) throw new Error(`healthd would not read this line: ${line}`);
  return {
    epochSeconds: Math.trunc(Number(epoch)),
    uri,
    status: Number(status),
    requestSeconds: Number(request),
    forwardedFor,
  };
}
