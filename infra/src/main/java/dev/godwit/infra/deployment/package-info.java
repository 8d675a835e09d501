/**
 * What runs migrations while a stack is deployed: the Lambda behind the custom resource of {@code
 * MigrationsDuringDeployment}. It starts, follows and stops runs; no migration's code is loaded
 * here.
 */
@NullMarked
package dev.godwit.infra.deployment;

import org.jspecify.annotations.NullMarked;
