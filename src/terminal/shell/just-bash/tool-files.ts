/**
 * The machine's files as the library's tools see them. Mend: in a search, what may not be read looks empty
 * and is remembered, because the library's find and grep would stop there.
 */

import { FileError, type FileSystem, type Identity } from '../../linux/file-system.ts';
import { UserFiles } from '../../linux/user-files.ts';

export class ToolFiles extends UserFiles {
  /** Paths that a search could not read, in order. */
  readonly refusedInSearch: string[] = [];
  private readonly isSearching: boolean;
  private readonly umask: number;
  private readonly machineFiles: FileSystem;
  private readonly identity: Identity;

  /** For one call of a tool. */
  constructor(files: FileSystem, who: Identity, isSearching: boolean, umask: number) {
    super(files, who);
    this.machineFiles = files;
    this.identity = who;
    this.isSearching = isSearching;
    this.umask = umask;
  }

  /** Mend: the library gives every new file the same mode, whatever the umask. */
  override async writeFile(...args: Parameters<UserFiles['writeFile']>): Promise<void> {
    await this.created(args[0], 0o666, () => super.writeFile(...args));
  }

  override async mkdir(...args: Parameters<UserFiles['mkdir']>): Promise<void> {
    await this.created(args[0], 0o777, () => super.mkdir(...args));
  }

  private async created(path: string, mode: number, make: () => Promise<void>): Promise<void> {
    const isNew = !this.machineFiles.exists(path, this.identity);
    await make();
    if (isNew && this.umask !== 0o022 && this.machineFiles.exists(path, this.identity))
      this.machineFiles.change(path, this.identity, { mode: mode & ~this.umask });
  }

  override async readdir(path: string): Promise<string[]> {
    return this.searched(path, () => super.readdir(path), []);
  }

  override async readFile(...args: Parameters<UserFiles['readFile']>): Promise<string> {
    return this.searched(args[0], () => super.readFile(...args), '');
  }

  override async readFileBytes(path: string): ReturnType<UserFiles['readFileBytes']> {
    const none = '' as unknown as Awaited<ReturnType<UserFiles['readFileBytes']>>;
    return this.searched(path, () => super.readFileBytes(path), none);
  }

  override async readFileBuffer(path: string): Promise<Uint8Array> {
    return this.searched(path, () => super.readFileBuffer(path), new Uint8Array());
  }

  private async searched<T>(path: string, read: () => Promise<T>, none: T): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!this.isSearching || !(error instanceof FileError) || error.code !== 'EACCES')
        throw error;
      if (!this.refusedInSearch.includes(path)) this.refusedInSearch.push(path);
      return none;
    }
  }
}
