package dev.godwit.run.slice;

/**
 * A file of records in the results location.
 *
 * @param key its path below the location, or its key in the bucket
 */
public record StoredObject(String key) {}
