// Calls of Linux that Swift's Glibc module hides behind _GNU_SOURCE.
#ifndef PALSIM_CLINUX_SHIM_H
#define PALSIM_CLINUX_SHIM_H

// Forces the file system that holds an open file to the disk; 0, or -1 and errno.
int syncfs(int descriptor);

#endif
