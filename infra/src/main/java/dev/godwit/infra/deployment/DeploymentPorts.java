package dev.godwit.infra.deployment;

import java.time.Clock;
import java.util.function.Consumer;

/** All that deployments ask and act upon. */
record DeploymentPorts(
    Runs runs,
    RunLedger ledger,
    DeploymentNotes notes,
    ExportNotes exports,
    DeployedStack stack,
    Clock clock,
    Consumer<String> log) {}
