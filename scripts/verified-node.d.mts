export declare function verifiedNode(version: string): Promise<string | undefined>
