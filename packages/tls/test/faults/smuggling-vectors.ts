/**
 * Messages whose end two parsers could see in different places, each with a second request hidden where one of
 * them would find it. Whatever lawful reading there is takes the hidden request for a body, or refuses the message.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3
 * @see https://portswigger.net/web-security/request-smuggling
 */
export interface Vector {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Path that only a hidden request asks for. */
export const HIDDEN_PATH = "/hidden";

const HIDDEN = `GET ${HIDDEN_PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const LAST_CHUNK = "0\r\n\r\n";

const vector = (name: string, text: string): Vector => ({ name, bytes: Buffer.from(text, "latin1") });
const post = (lines: readonly string[], body: string) =>
  `POST / HTTP/1.1\r\nHost: localhost\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n${body}`;
/** Shows what cannot be printed. */
const shown = (text: string) => JSON.stringify(text);

/** Values of Transfer-Encoding that one parser takes for `chunked` and another does not. */
const CODINGS = [
  "chunked",
  "Chunked",
  "CHUNKED",
  "  chunked",
  "\tchunked",
  "chunked \t",
  "\vchunked",
  "\fchunked",
  "chunked\v",
  "\0chunked",
  "chunked\0",
  "chunked\x7f",
  "xchunked",
  "chunkedx",
  "x chunked",
  "chunked,",
  ",chunked",
  "chunked, chunked",
  "chunked, identity",
  "identity, chunked",
  "gzip, chunked",
  "identity",
  "cow",
  "",
  "chunked;q=1",
  '"chunked"',
  "'chunked'",
  "chun ked",
  "c\rhunked",
  "chunk\xe9d",
  "chunked\r",
  "chunked\n",
  "\nchunked",
  "\r\n chunked",
];

/** Both lengths in one message, in both orders: the coding says it ends at once, the length says it does not. */
function twoLengths(): Vector[] {
  const body = LAST_CHUNK + HIDDEN;
  return CODINGS.flatMap((coding) => {
    const lines = [`Transfer-Encoding: ${coding}`, `Content-Length: ${body.length}`];
    return [
      vector(`coding ${shown(coding)} before a length`, post(lines, body)),
      vector(`coding ${shown(coding)} after a length`, post(lines.toReversed(), body)),
    ];
  });
}

/** Lines that one parser takes for a Transfer-Encoding and another does not. */
const CODING_LINES = [
  "Transfer-Encoding : chunked",
  "Transfer-Encoding\t: chunked",
  "Transfer-Encoding\0: chunked",
  "Transfer-Encoding\v: chunked",
  "Transfer_Encoding: chunked",
  "Transfer-\r\n Encoding: chunked",
  " Transfer-Encoding: chunked",
  "X: y\nTransfer-Encoding: chunked",
  "X: y\rTransfer-Encoding: chunked",
  "X: y\r\n\tTransfer-Encoding: chunked",
  "Transfer-Encoding chunked",
  "\0Transfer-Encoding: chunked",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
  "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
  "TRANSFER-ENCODING: chunked\r\ntransfer-encoding: cow",
];

function codingLines(): Vector[] {
  const body = LAST_CHUNK + HIDDEN;
  return CODING_LINES.map((line) =>
    vector(`line ${shown(line)} with a length`, post([`Content-Length: ${body.length}`, line], body)),
  );
}

/** Ways to write the length of the hidden request, of which none is a number as the standard writes it. */
const LENGTHS: readonly ((length: number) => string)[] = [
  (length) => `+${length}`,
  (length) => `-${length}`,
  (length) => `0x${length.toString(16)}`,
  (length) => `${length}.0`,
  (length) => `${length}e0`,
  (length) => `${length},${length}`,
  (length) => `${length}, 0`,
  (length) => `0, ${length}`,
  (length) => `${length};`,
  (length) => `${length} 0`,
  (length) => `0 ${length}`,
  (length) => `${length}\0`,
  (length) => `\0${length}`,
  (length) => `\v${length}`,
  (length) => `${length}_0`,
  (length) => `"${length}"`,
  (length) => `${length}a`,
  () => "",
  () => "a",
  () => "18446744073709551616",
  () => "-1",
];

function lengths(): Vector[] {
  const length = HIDDEN.length;
  const lines = [
    ...LENGTHS.map((write) => `Content-Length: ${write(length)}`),
    `Content-Length: 0\r\nContent-Length: ${length}`,
    `Content-Length: ${length}\r\nContent-Length: 0`,
    `Content-Length: ${length}\r\nContent-Length: ${length}`,
    `content-length: ${length}\r\nCONTENT-LENGTH: 0`,
    `Content-Length : ${length}`,
    `Content-Length\t: ${length}`,
    `Content-Length\0: ${length}`,
    `Content-\r\n Length: ${length}`,
    `X: y\nContent-Length: ${length}`,
    `X: y\rContent-Length: ${length}`,
    `Content-Length:\r\n ${length}`,
  ];
  return lines.map((line) => vector(`line ${shown(line)}`, post([line], HIDDEN)));
}

/** Chunked bodies that end at once for one parser, and later or never for another. */
const CHUNKED_BODIES = [
  "0x0\r\n\r\n",
  "+0\r\n\r\n",
  "-0\r\n\r\n",
  " 0\r\n\r\n",
  "\t0\r\n\r\n",
  "0\n\n",
  "0\n\r\n",
  "0\r\r\n\r\n",
  "0\r\n\n",
  "\r\n0\r\n\r\n",
  "\n0\r\n\r\n",
  "g\r\n\r\n",
  ";\r\n\r\n",
  "0;a\nb\r\n\r\n",
  "0;a\rb\r\n\r\n",
  "0_\r\n\r\n",
  "0\0\r\n\r\n",
  "0\v\r\n\r\n",
  "0,0\r\n\r\n",
  "1\r\nab0\r\n\r\n",
  "1\r\na\n0\r\n\r\n",
  "1\r\na\r0\r\n\r\n",
  "1\na\r\n0\r\n\r\n",
  "2\r\na\r\n0\r\n\r\n",
  "ffffffffffffffff0\r\n\r\n",
  "10000000000000000\r\n\r\n",
  "0\r\nX : y\r\n\r\n",
  "0\r\nX: y\n\r\n",
  "0\r\nX\r\n\r\n",
  "0\r\n X: y\r\n\r\n",
  "0\r\nX: \0\r\n\r\n",
];

function chunkedBodies(): Vector[] {
  return CHUNKED_BODIES.map((body) =>
    vector(`chunked body ${shown(body)}`, post(["Transfer-Encoding: chunked"], body + HIDDEN)),
  );
}

/** Heads that must be refused, and with them all that follows on the connection. */
const HEADS = [
  "GET / HTTP/1.1\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
  "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: local\0host\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\nX\0: a\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\n: a\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\nX y: a\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\nX\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rY: b\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\nX\x7f: a\r\n\r\n",
  "GET / HTTP/1.1\r\n Host: localhost\r\n\r\n",
  "GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET /\r HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "G\0T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GE T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET / HTTP/1.2\r\nHost: localhost\r\n\r\n",
  "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
  "GET / HTTP/1.10\r\nHost: localhost\r\n\r\n",
  "GET / http/1.1\r\nHost: localhost\r\n\r\n",
  "GET / HTTP /1.1\r\nHost: localhost\r\n\r\n",
  "GET /\r\n\r\n",
  "GET\r\n\r\n",
  "\0GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  " GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];

function heads(): Vector[] {
  return HEADS.map((head) => vector(`head ${shown(head)}`, head + HIDDEN));
}

/** Every vector, each with a name of its own. */
export function smugglingVectors(): Vector[] {
  return [...twoLengths(), ...codingLines(), ...lengths(), ...chunkedBodies(), ...heads()];
}
