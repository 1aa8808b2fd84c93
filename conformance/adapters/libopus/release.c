#include "release.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

// "1.6.1-45-g3da9f7a": commits after the release. "-fixed" and the like are not.
static bool is_after_release(const char* rest) {
  unsigned commits = 0;
  return sscanf(rest, "-%u-g", &commits) == 1 && commits > 0;
}

struct release release_of(const char* version_string) {
  struct release release = {.wire = NULL, .model = NULL, .rule = NULL};
  static const char name[] = "libopus ";
  const size_t skipped = strncmp(version_string, name, sizeof name - 1) == 0 ? sizeof name - 1 : 0;
  snprintf(release.version, sizeof release.version, "%s", version_string + skipped);
  if (release.version[0] == '\0') snprintf(release.version, sizeof release.version, "unknown");

  unsigned major = 0;
  unsigned minor = 0;
  unsigned patch = 0;
  int end = 0;
  if (sscanf(release.version, "%u.%u%n", &major, &minor, &end) < 2) return release;
  const char* rest = release.version + end;
  if (sscanf(rest, ".%u%n", &patch, &end) == 1) rest += end;
  if (major != 1) return release;
  if (minor == 5) {
    release.wire = "experimental-10";
    release.model = "libopus-1.5";
  } else if (minor == 6) {
    release.wire = "experimental-12";
    release.model = "libopus-1.6";
    // spec-notes/divergences.md, DIV-3: the rule changed after 1.6.1. It rests on reading; --rule tries the
    // other.
    release.rule = patch <= 1 && !is_after_release(rest) ? "1.6.1" : "2026-06";
  }
  return release;
}
