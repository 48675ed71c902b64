/** Where the files of a form's attachments are kept while it is filled in. */
export interface FilesOfForm {
  /** Throws what the file is refused for. */
  addFile(slot: string, file: Blob, name: string): Promise<unknown>;
  removeFile(slot: string, sha: string): Promise<unknown>;
  fileAddress(slot: string, sha: string): string;
}
