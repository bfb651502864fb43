# prove's own report, then what was measured, every skip by name, every failure
# with what its test says of it, and one line that counts.
package Kpipe::Tally;

use strict;
use warnings;
use TAP::Formatter::Console;
use TAP::Formatter::File;

# as prove itself chooses
our @ISA = (-t STDOUT ? 'TAP::Formatter::Console' : 'TAP::Formatter::File');

my (@skips, @measured, @failures);

# lines of a failure's explanation that are shown
use constant EXPLAINED => 40;

sub open_test {
	my ($self, $test, $parser) = @_;
	my $left = 0;	# lines to show of what the last failure says

	$parser->callback(test => sub {
		my ($t) = @_;
		$left = $t->is_ok ? 0 : EXPLAINED;
		push @failures, "$test: " . $t->as_string unless $t->is_ok;
		push @skips, "$test: " . $t->description . ': ' . $t->explanation
		    if $t->has_skip;
	});
	$parser->callback(plan => sub {
		my ($plan) = @_;
		push @skips, "$test: everything: " . $plan->explanation
		    if $plan->has_skip;
	});
	$parser->callback(comment => sub {
		my $said = $_[0]->as_string;
		push @measured, $1 if $said =~ /^# (measured: .*)/;
		push @failures, "$test: $said" if $left-- > 0;
	});
	$parser->callback(EOF => sub {
		my ($p) = @_;
		push @failures, "$test: exit status " . $p->exit if $p->exit;
		push @failures, "$test: $_" for $p->parse_errors;
	});
	return $self->SUPER::open_test($test, $parser);
}

sub summary {
	my ($self, $all, $interrupted) = @_;

	$self->SUPER::summary($all, $interrupted);
	my $skipped = @skips;
	my $whole = grep { /: everything: / } @skips;
	my $passed = $all->passed - ($skipped - $whole);
	# a file that dies or breaks its plan failed, whatever it counted
	my $failed = $all->failed + $all->parse_errors;
	$failed ||= 1 if $all->has_errors;
	print "$_\n" for @measured;
	print "skipped: $_\n" for @skips;
	print "failed: $_\n" for @failures;
	print "$passed passed, $failed failed, $skipped skipped\n";
}

1;
