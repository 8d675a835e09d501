/**
 * A deployment of Godwit on AWS, as CDK constructs: {@link dev.godwit.infra.TableMigrations} holds
 * all of them, {@link dev.godwit.infra.GodwitApp} is the app that deploys one.
 */
@NullMarked
package dev.godwit.infra;

import org.jspecify.annotations.NullMarked;
