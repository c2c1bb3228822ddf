/** Receives one line for a person about what is being done. */
export type Progress = (message: string) => void;
