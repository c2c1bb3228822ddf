import * as z from "zod";

/** Longest title and body, in Unicode code points: what a person counts as characters, emoji included. */
const TITLE_MAX_CHARACTERS = 120;
const BODY_MAX_CHARACTERS = 10_000;

/** Notes on a page, and the most that a program may ask for at once. */
const PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

function countsAtMost(maxCharacters: number) {
  return (text: string) => text.length <= maxCharacters || [...text].length <= maxCharacters;
}

/** A lone surrogate is no character: no UTF-8 stands for it, so it could not be stored as it was written. */
const wellFormed = (text: string) => text.isWellFormed();

const title = z
  .string("Write a title.")
  .trim()
  .min(1, "Write a title.")
  .refine(countsAtMost(TITLE_MAX_CHARACTERS), `Use at most ${TITLE_MAX_CHARACTERS} characters.`)
  .refine((text) => !/\p{Cc}/u.test(text), "Use one line without control characters.")
  .refine(wellFormed, "Use complete Unicode characters.")
  .meta({
    description: "One line, without blanks around it.",
    maxLength: TITLE_MAX_CHARACTERS,
    example: "Shopping",
  });

const body = z
  .string("Write text, or leave it empty.")
  // Forms send CR LF for a line break, programs LF: one text, one length.
  .transform((text) => text.replaceAll("\r\n", "\n"))
  .pipe(
    z
      .string()
      // Written out: to put the comma there by program loads the rules of all languages, a twentieth of the start.
      .refine(countsAtMost(BODY_MAX_CHARACTERS), "Use at most 10,000 characters.")
      .refine(wellFormed, "Use complete Unicode characters."),
  )
  .meta({ description: "Plain text.", maxLength: BODY_MAX_CHARACTERS, example: "Bread and salt" });

const version = z
  .int("Send the version as a whole number.")
  .min(1, "Versions begin at 1.")
  .max(4_294_967_295);

/** What a person writes. */
export const noteContent = z
  .object({ title, body: body.default("") }, "Send a JSON object.")
  .meta({ id: "NoteContent" });

/** What a person writes over an earlier version. */
export const noteChange = z
  .object(
    {
      ...noteContent.shape,
      version: version
        .optional()
        .meta({ description: "The version that was read, unless If-Match says it." }),
    },
    "Send a JSON object.",
  )
  .meta({ id: "NoteChange" });

/** A note as the API shows it. */
export const note = z
  .object({
    id: z.uuid(),
    title: z.string(),
    body: z.string(),
    version: z.int().min(1).meta({ description: "Goes up with each change." }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Note" });

/** A page of notes as the API shows it. */
export const notePage = z
  .object({
    notes: z.array(note),
    next: z
      .string()
      .nullable()
      .meta({ description: "Pass it as `after` for the next page; null on the last." }),
  })
  .meta({ id: "NotePage" });

/** Which page of the list. */
export const pageQuery = z.object({
  limit: z.coerce
    .number()
    .int(`Ask for a whole number from 1 to ${MAX_PAGE_SIZE}.`)
    .min(1, `Ask for a whole number from 1 to ${MAX_PAGE_SIZE}.`)
    .max(MAX_PAGE_SIZE, `Ask for a whole number from 1 to ${MAX_PAGE_SIZE}.`)
    .default(PAGE_SIZE),
  after: z.string().optional().meta({ description: "`next` of the page before." }),
});

/** Id in the path of a note. */
export const noteId = z.uuid().meta({ id: "NoteId", example: "0b8f7f5e-6f0c-4b5e-9f8e-2f4d5c1a7b3d" });

/** Title and body as a person wrote them, checked. */
export type NoteContent = z.output<typeof noteContent>;
