package dev.godwit.cli.facts;

import java.util.OptionalLong;

/**
 * What a table or an index takes in a second.
 *
 * @param readUnits provisioned; 0 on demand
 * @param writeUnits provisioned; 0 on demand
 * @param warmReadUnits what it is ready for at once, where DynamoDB tells
 * @param warmWriteUnits the same for writes
 * @param mostReadUnits the maximum that somebody has set on demand; absent for none
 * @param mostWriteUnits the same for writes
 */
public record Throughput(
    long readUnits,
    long writeUnits,
    OptionalLong warmReadUnits,
    OptionalLong warmWriteUnits,
    OptionalLong mostReadUnits,
    OptionalLong mostWriteUnits) {}
