package dev.godwit.worker.lambda;

import dev.godwit.migration.Migrations;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.record.RecordStore;
import dev.godwit.worker.slice.Database;
import dev.godwit.worker.source.SourceFiles;

/**
 * What a worker is made of, given by whoever embeds it.
 *
 * @param migrations the migrations that it can run
 * @param database where tables are
 * @param rates where rate documents are
 * @param records where it leaves its records
 * @param files where files of items are
 * @param mostInFlight how many write requests each slice may have under way
 * @param senders how many threads send write requests, for all slices together
 * @param listener told of every page
 */
public record WorkerSettings(
    Migrations migrations,
    Database database,
    RateSource rates,
    RecordStore records,
    SourceFiles files,
    int mostInFlight,
    int senders,
    PageListener listener) {}
